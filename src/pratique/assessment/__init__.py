"""What is owed, by whom, by which rule?"""
