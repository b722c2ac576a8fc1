-- What writing needs: versions, what was there before, who is to be told, and what was answered already.
ALTER TABLE data ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE data ADD COLUMN version integer NOT NULL DEFAULT 1;

CREATE TABLE data_revisions (
  data_id bigint NOT NULL REFERENCES data (id) ON DELETE CASCADE,
  version integer NOT NULL,
  name text NOT NULL,
  value double precision NOT NULL,
  metadata jsonb NOT NULL,
  replaced_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (data_id, version)
);

-- Messages to be sent, written together with what they tell of; whoever has put one into its queue deletes it.
CREATE TABLE outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  type text NOT NULL,
  payload jsonb NOT NULL,
  priority text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX outbox_created_at ON outbox (created_at);

CREATE TABLE idempotency_keys (
  key text PRIMARY KEY,
  fingerprint text NOT NULL,
  body text,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- Each message leaves one row here however often it is delivered, and counts once.
CREATE TABLE deliveries (
  message_id text PRIMARY KEY,
  type text NOT NULL,
  delivered_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE delivery_counts (
  type text PRIMARY KEY,
  delivered bigint NOT NULL
);

CREATE PROCEDURE deliver_message(the_message_id text, the_type text, INOUT applied boolean DEFAULT false)
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO deliveries (message_id, type) VALUES (the_message_id, the_type) ON CONFLICT DO NOTHING;
  applied := FOUND;
  IF applied THEN
    INSERT INTO delivery_counts (type, delivered) VALUES (the_type, 1)
    ON CONFLICT (type) DO UPDATE SET delivered = delivery_counts.delivered + 1;
  END IF;
END
$$;
