"""The only HTTP: a request is guarded, signed in, handled by one small module and rendered or redirected.

guard → auth → agent/<page>.py → one action or read below → render
"""
