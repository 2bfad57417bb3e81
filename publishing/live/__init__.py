"""
The preview that keeps up with the author: what she saves is on her screen a moment later.

    changes   what was saved, in batches that have come to rest
    builder   the process that builds, and a new one when its code has changed
    worker    that process
    rebuild   what it makes of a batch: an outcome
    outcome   what changed in the site, or what is wrong
    browsers  the open pages, which are told the outcome
    follow    the loop that leads from one to the other
    browser/  what the pages load: a script and its stylesheet
"""
