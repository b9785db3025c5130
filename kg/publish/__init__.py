"""A store → people: tables, exports, the drawing."""
