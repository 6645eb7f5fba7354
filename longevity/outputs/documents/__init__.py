"""The regular documents, the briefing and the week: a screen's report as slides or PDF pages."""
