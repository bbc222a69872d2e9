"""The demo shop's own website on another origin: it carries the chat widget as a real shop would."""

from helpdesk.demo.storefront.serve import PortTaken, serving

__all__ = ["PortTaken", "serving"]
