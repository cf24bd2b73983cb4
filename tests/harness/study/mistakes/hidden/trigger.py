import mistake

print(mistake.answer())
