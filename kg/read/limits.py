"""How much is read: what no article needs would fill memory, or take for ever."""

MAX_BYTES = 32 * 1024 * 1024  # of one file with one article, packed or fetched
MAX_CHARACTERS = 1_000_000  # of one article; long reports have a tenth
