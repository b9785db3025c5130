"""What is learned from articles with gold: which stretches are names, and which pairs of them say what."""
