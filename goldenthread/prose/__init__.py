"""Quality of words: what is wrong with a page's spelling, style and addresses, by file and line.

For those who write; no page needs it. Its dictionaries are installed with what the tests need.
"""
