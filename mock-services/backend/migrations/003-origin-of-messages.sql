-- The request that a message to be sent comes from: whoever processes it does so in the request's trace.
ALTER TABLE outbox ADD COLUMN traceparent text;
ALTER TABLE outbox ADD COLUMN request_id text;
