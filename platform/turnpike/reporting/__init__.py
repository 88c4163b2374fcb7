"""What is where, and since when: answers read from main, for people who do not promote."""
