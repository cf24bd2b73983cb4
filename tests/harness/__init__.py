"""Does the harness do what it says, on a study that is not the project's own?"""
