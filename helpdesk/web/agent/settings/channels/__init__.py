"""/settings/channels: accounts at LINE, Instagram, WhatsApp and others, connected and looked after."""
