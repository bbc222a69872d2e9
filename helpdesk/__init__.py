"""The helpdesk, in the order in which a message travels.

channels   a vendor's bytes become an Incoming; an Outgoing becomes a vendor's call
intake     the journal (raw bytes first), then identify · thread · record · triage
customers  who wrote, under which identities, and their one timeline
commerce   orders, parcels, refunds, points
tickets    one file for each thing that can happen to a ticket
triage     tags and urgency with reasons; what agents correct
delivery   replies leave, with retries, once
inbox      what agents read; reports: what ops read
work       the background loops; web: the only HTTP; cli: the command line
app        the one place where the parts meet
"""

__version__ = "0.1.0"
