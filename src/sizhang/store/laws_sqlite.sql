-- The laws of the ledger, held by SQLite. Statements are separated by a line of two dashes alone.
CREATE TRIGGER entry_never_changes BEFORE UPDATE ON entry BEGIN
  SELECT RAISE(ABORT, 'entries are appended, never updated: book the reverse entry');
END
--
CREATE TRIGGER entry_never_leaves BEFORE DELETE ON entry BEGIN
  SELECT RAISE(ABORT, 'entries are appended, never deleted: book the reverse entry');
END
--
CREATE TRIGGER promise_keeps_its_account BEFORE UPDATE OF number, year, unit, decimals, measure, report_id, source_start, source_end ON promise BEGIN
  SELECT RAISE(ABORT, 'the number, unit, measure and source of a promise never change');
END
--
CREATE TRIGGER promise_never_leaves BEFORE DELETE ON promise BEGIN
  SELECT RAISE(ABORT, 'promises never disappear');
END
--
CREATE TRIGGER promise_has_a_balance AFTER INSERT ON promise BEGIN
  INSERT INTO balance (promise_id, promised, claimed, verified, settled, surplus) VALUES (NEW.id, 0, 0, 0, 0, 0);
END
--
CREATE TRIGGER balance_never_leaves BEFORE DELETE ON balance BEGIN
  SELECT RAISE(ABORT, 'a promise always has a balance');
END
--
CREATE TRIGGER claimant_never_changes BEFORE UPDATE ON claimant BEGIN
  SELECT RAISE(ABORT, 'who has claimed is never forgotten');
END
--
CREATE TRIGGER claimant_never_leaves BEFORE DELETE ON claimant BEGIN
  SELECT RAISE(ABORT, 'who has claimed is never forgotten');
END
--
-- An entry has its predecessor and lies beyond the head, which moves at the end of each batch: so there is no gap, and none that was
-- booked is replaced. A claim has a trigger of its own, since the cost of a bulk claim is that of its triggers; for the same reason no law
-- asks whether something is among three or more, for which SQLite builds a table each time.
CREATE TRIGGER entry_claims AFTER INSERT ON entry WHEN NEW.verb = 'claim' BEGIN
  SELECT RAISE(ABORT, 'entries are numbered without a gap')
    WHERE NEW.seq <= (SELECT seq FROM head) OR (NEW.seq <> 1 AND (SELECT seq FROM entry WHERE seq = NEW.seq - 1) IS NULL);
  SELECT RAISE(ABORT, 'only an amendment upward can be surplus') WHERE NEW.surplus;
  UPDATE balance SET promised = promised - NEW.steps, claimed = claimed + NEW.steps WHERE promise_id = NEW.promise_id;
  INSERT INTO claimant (promise_id, person_id, body_id) VALUES (NEW.promise_id, NEW.person_id, NEW.body_id)
    ON CONFLICT (promise_id, person_id, body_id) DO NOTHING;
END
--
CREATE TRIGGER entry_is_booked AFTER INSERT ON entry WHEN NEW.verb <> 'claim' BEGIN
  SELECT RAISE(ABORT, 'entries are numbered without a gap')
    WHERE NEW.seq <= (SELECT seq FROM head) OR (NEW.seq <> 1 AND (SELECT seq FROM entry WHERE seq = NEW.seq - 1) IS NULL);
  SELECT RAISE(ABORT, 'only an amendment upward can be surplus') WHERE NEW.surplus AND NOT (NEW.verb = 'amend' AND NEW.target = 1);
  SELECT RAISE(ABORT, 'nobody checks what he or his body has claimed')
    WHERE (NEW.source = 2 OR NEW.source = 3) AND NEW.verb <> 'expire' AND EXISTS (
      SELECT 1 FROM claimant
      WHERE promise_id = NEW.promise_id AND (person_id = NEW.person_id OR (NEW.verb <> 'settle' AND body_id = NEW.body_id))
    );
  UPDATE balance SET
    promised = promised + NEW.steps * ((NEW.target = 1) - (NEW.source = 1)),
    claimed = claimed + NEW.steps * ((NEW.target = 2) - (NEW.source = 2)),
    verified = verified + NEW.steps * ((NEW.target = 3) - (NEW.source = 3)),
    settled = settled + NEW.steps * ((NEW.target = 4) - (NEW.source = 4)),
    surplus = surplus + NEW.steps * NEW.surplus
  WHERE promise_id = NEW.promise_id;
END
