"""What Windows events mean: provider and event id to class and attribute paths, as tables, and the frames made by them."""
