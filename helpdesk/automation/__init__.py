"""What the helpdesk may do on its own or with one click: macros on tickets."""
