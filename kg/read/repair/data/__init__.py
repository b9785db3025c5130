"""Small tables the repair needs; ``make.py`` says where they come from and makes them again."""
