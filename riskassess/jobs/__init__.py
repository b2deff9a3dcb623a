"""Work in the background: one durable row a task; a message only wakes a worker."""
