"""What a server does with four times the load that it sustains.

asking     connections of callers, on which requests are sent and answers awaited
pressing   so many requests at a time, or so many a second, whatever comes of them
verdict    what was found, beside what is asked for
"""
