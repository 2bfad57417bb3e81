"""
The check in a real browser: `invoke check --browser`, and what the browser tests measure with it.

Nothing leaves this computer: the pages are answered from the built site's folder, at the address and with
the headers that readers get; what a page asks of another host is noted and refused.
"""
