"""The one template: what every chart looks like, whatever it shows."""
