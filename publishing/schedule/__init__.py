"""
Files for whatever calls the author's commands by itself: systemd, cron, the CI of a forge.

All of them call ``invoke build --if-due``, which ends at once if nothing is to come out. So they may
call it more often than needed: a machine that was off on Wednesday makes up for it, and a call that
failed is repeated an hour later. In the CI of a forge, a push is built whatever is due. Which day it is, is decided in the time zone of the site, not of the
machine: summer time moves no tip to another day.
"""

from __future__ import annotations

#: The first hour of the day, by the site's time, at which something comes out.
FIRST_HOUR = 6
