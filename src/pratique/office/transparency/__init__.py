"""What does the law say, where is it written, how does it differ, and what comes next? Law told to people."""
