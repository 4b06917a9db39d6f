"""The actions room: from what is known of customers to what to do for whom."""
