"""The loyalty handbook: a client's files in, a published loyalty report out.

``study`` reads what a client sent, ``methods`` compute, ``views`` show and
``press`` makes the report. Imports point one way: see CONTRIBUTING.md.
"""
