"""Libraries under the names that the study calls."""
