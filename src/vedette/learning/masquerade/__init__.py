"""Who types these commands? Habits of shell users, and how well they tell one user from another."""
