-- The laws of the ledger, held by PostgreSQL. Statements are separated by a line of two dashes alone.
CREATE OR REPLACE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$
--
CREATE OR REPLACE TRIGGER entry_never_changes BEFORE UPDATE ON entry FOR EACH STATEMENT
EXECUTE FUNCTION ledger_refuses('entries are appended, never updated: book the reverse entry')
--
CREATE OR REPLACE TRIGGER entry_never_leaves BEFORE DELETE ON entry FOR EACH STATEMENT
EXECUTE FUNCTION ledger_refuses('entries are appended, never deleted: book the reverse entry')
--
CREATE OR REPLACE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON entry FOR EACH STATEMENT
EXECUTE FUNCTION ledger_refuses('entries are appended, never deleted: book the reverse entry')
--
CREATE OR REPLACE TRIGGER promise_keeps_its_account BEFORE UPDATE OF number, year, unit, decimals, measure, report_id, source_start, source_end ON promise
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses('the number, unit, measure and source of a promise never change')
--
CREATE OR REPLACE TRIGGER promise_never_leaves BEFORE DELETE ON promise FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses('promises never disappear')
--
CREATE OR REPLACE FUNCTION promise_gets_a_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO balance (promise_id, promised, claimed, verified, settled, surplus) SELECT id, 0, 0, 0, 0, 0 FROM added;
  RETURN NULL;
END $$
--
CREATE OR REPLACE TRIGGER promise_has_a_balance AFTER INSERT ON promise REFERENCING NEW TABLE AS added FOR EACH STATEMENT
EXECUTE FUNCTION promise_gets_a_balance()
--
CREATE OR REPLACE TRIGGER balance_never_leaves BEFORE DELETE ON balance FOR EACH STATEMENT
EXECUTE FUNCTION ledger_refuses('a promise always has a balance')
--
CREATE OR REPLACE TRIGGER claimant_never_changes BEFORE UPDATE ON claimant FOR EACH STATEMENT
EXECUTE FUNCTION ledger_refuses('who has claimed is never forgotten')
--
CREATE OR REPLACE TRIGGER claimant_never_leaves BEFORE DELETE ON claimant FOR EACH STATEMENT
EXECUTE FUNCTION ledger_refuses('who has claimed is never forgotten')
--
CREATE OR REPLACE FUNCTION entry_is_booked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE first_seq bigint; last_seq bigint; how_many bigint; false_surplus boolean; claims boolean; others boolean; checks boolean; one record;
BEGIN
  SELECT min(seq), max(seq), count(*), bool_or(surplus AND NOT (verb = 'amend' AND target = 1)), bool_or(verb = 'claim'), bool_or(verb <> 'claim'),
    bool_or(verb IN ('verify', 'reject', 'settle'))
    INTO first_seq, last_seq, how_many, false_surplus, claims, others, checks FROM added;
  IF how_many = 0 THEN RETURN NULL; END IF;
  IF first_seq <> (SELECT COALESCE(max(seq), 0) + 1 FROM entry WHERE seq < first_seq) OR last_seq - first_seq + 1 <> how_many THEN
    RAISE EXCEPTION 'entries are numbered without a gap' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF false_surplus THEN
    RAISE EXCEPTION 'only an amendment upward can be surplus' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF how_many = 1 THEN SELECT * INTO one FROM added; END IF;
  IF how_many = 1 AND claims THEN
    INSERT INTO claimant (promise_id, person_id, body_id) VALUES (one.promise_id, one.person_id, one.body_id) ON CONFLICT DO NOTHING;
  ELSIF claims THEN
    -- Most have claimed before; to look for them all at once is cheaper than to let each conflict.
    INSERT INTO claimant (promise_id, person_id, body_id)
      SELECT DISTINCT promise_id, person_id, body_id FROM added a WHERE verb = 'claim' AND NOT EXISTS (
        SELECT 1 FROM claimant c WHERE c.promise_id = a.promise_id AND c.person_id = a.person_id AND c.body_id = a.body_id
      ) ON CONFLICT DO NOTHING;
  END IF;
  IF checks AND EXISTS (
    SELECT 1 FROM added a JOIN claimant c USING (promise_id)
    WHERE a.verb IN ('verify', 'reject', 'settle') AND (c.person_id = a.person_id OR (a.verb <> 'settle' AND c.body_id = a.body_id))
  ) THEN
    RAISE EXCEPTION 'nobody checks what he or his body has claimed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF how_many = 1 THEN
    -- The same sum for a single entry, found by key: the planner takes a transition table for large and would read every balance.
    UPDATE balance SET promised = promised + one.steps * ((one.target = 1)::int - (one.source = 1)::int),
      claimed = claimed + one.steps * ((one.target = 2)::int - (one.source = 2)::int),
      verified = verified + one.steps * ((one.target = 3)::int - (one.source = 3)::int),
      settled = settled + one.steps * ((one.target = 4)::int - (one.source = 4)::int),
      surplus = surplus + one.steps * one.surplus::int
    WHERE promise_id = one.promise_id;
    RETURN NULL;
  END IF;
  IF NOT others THEN
    UPDATE balance b SET promised = b.promised - m.steps, claimed = b.claimed + m.steps
    FROM (SELECT promise_id, sum(steps)::bigint AS steps FROM added GROUP BY promise_id) m WHERE b.promise_id = m.promise_id;
    RETURN NULL;
  END IF;
  UPDATE balance b SET promised = b.promised + m.promised, claimed = b.claimed + m.claimed, verified = b.verified + m.verified,
    settled = b.settled + m.settled, surplus = b.surplus + m.surplus
  FROM (
    SELECT promise_id,
      sum(steps * ((target = 1)::int - (source = 1)::int))::bigint AS promised,
      sum(steps * ((target = 2)::int - (source = 2)::int))::bigint AS claimed,
      sum(steps * ((target = 3)::int - (source = 3)::int))::bigint AS verified,
      sum(steps * ((target = 4)::int - (source = 4)::int))::bigint AS settled,
      sum(steps * surplus::int)::bigint AS surplus
    FROM added GROUP BY promise_id
  ) m WHERE b.promise_id = m.promise_id;
  RETURN NULL;
END $$
--
CREATE OR REPLACE TRIGGER entry_moves_the_balance AFTER INSERT ON entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT
EXECUTE FUNCTION entry_is_booked()
