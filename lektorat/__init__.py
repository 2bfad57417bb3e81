"""
The proofreading desk, `invoke lektorat`: hints on spelling, house style, readability, repetitions, tips.

`prose` takes the words out of Markdown and keeps their places, `documents` does so for whole
files; each check (`spelling`, `phrases`, `house_style`, `readability`, `repetition`,
`tip_patterns`) is pure; `desk` runs them all, `adapter` reads files and dictionaries, `report`
and `commands` talk to the author. The author's own lists: content/hausstil.yaml, content/woerter.txt.
"""
