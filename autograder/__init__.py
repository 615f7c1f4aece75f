"""What instructors run: release, grade, feedback, export. Never shipped to students."""
