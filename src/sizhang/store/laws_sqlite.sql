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
CREATE TRIGGER entry_follows_the_last BEFORE INSERT ON entry
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM entry) BEGIN
  SELECT RAISE(ABORT, 'entries are numbered without a gap');
END
--
CREATE TRIGGER entry_is_checked_by_another BEFORE INSERT ON entry
WHEN NEW.verb IN ('verify', 'reject', 'settle') AND EXISTS (
  SELECT 1 FROM claimant WHERE promise_id = NEW.promise_id AND (person_id = NEW.person_id OR (NEW.verb <> 'settle' AND body_id = NEW.body_id))
) BEGIN
  SELECT RAISE(ABORT, 'nobody checks what he or his body has claimed');
END
--
CREATE TRIGGER entry_moves_the_balance AFTER INSERT ON entry BEGIN
  UPDATE balance SET
    promised = promised + NEW.steps * ((NEW.target = 1) - (NEW.source = 1)),
    claimed = claimed + NEW.steps * ((NEW.target = 2) - (NEW.source = 2)),
    verified = verified + NEW.steps * ((NEW.target = 3) - (NEW.source = 3)),
    settled = settled + NEW.steps * ((NEW.target = 4) - (NEW.source = 4)),
    surplus = surplus + NEW.steps * NEW.surplus
  WHERE promise_id = NEW.promise_id;
END
--
CREATE TRIGGER claim_is_remembered AFTER INSERT ON entry WHEN NEW.verb = 'claim' BEGIN
  INSERT OR IGNORE INTO claimant (promise_id, person_id, body_id) VALUES (NEW.promise_id, NEW.person_id, NEW.body_id);
END
