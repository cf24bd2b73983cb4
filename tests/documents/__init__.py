"""Are the documents true, linked and plain?"""
