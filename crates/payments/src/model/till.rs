//! What a drawer can do: small coins that do not exist, change, and what is too absurd to take.

use super::{PayMethod, PaymentRule};
use kernel::Fen;
use tariff::{RoundMode, RoundTo, Rounding};

/// The most that one payment may bring, ten million yuan: more is a typing mistake.
pub const MOST: Fen = Fen::new(1_000_000_000);

/// Cash for `amount` in coins that exist: what is to be handed over, and what rounding gives the
/// customer (negative: what it takes).
pub fn rounded(amount: Fen, rule: Rounding) -> (Fen, Fen) {
    let step = match rule.to {
        RoundTo::Fen => 1,
        RoundTo::Jiao => 10,
        RoundTo::Yuan => 100,
    };
    let over = amount.get().rem_euclid(step);
    let even = amount.get().div_euclid(step) % 2 == 0;
    let down = match rule.mode {
        RoundMode::Down => true,
        RoundMode::Up => over == 0,
        RoundMode::HalfUp => over * 2 < step,
        RoundMode::HalfEven => over * 2 < step || over * 2 == step && even,
    };
    let give = if down { over } else { over - step };
    (Fen::new(amount.get() - give), Fen::new(give))
}

/// What a cashier types about the money before him.
#[derive(Clone, Copy, Debug)]
pub struct Handed {
    /// How it is paid.
    pub method: PayMethod,
    /// What the accounts shall get.
    pub amount: Fen,
    /// What lies on the counter; as much as is due when nothing is said.
    pub tendered: Option<Fen>,
    /// How cash is rounded.
    pub rule: Rounding,
}

/// What the drawer keeps of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What stays in the drawer, or comes by the other way.
    pub received: Fen,
    /// What rounding gives the customer.
    pub rounding: Fen,
    /// What was on the counter; only for cash.
    pub tendered: Option<Fen>,
    /// What goes back over the counter; only for cash.
    pub change: Option<Fen>,
}

/// Works out change and rounding, and refuses the absurd.
pub fn keep(handed: Handed) -> Result<Kept, PaymentRule> {
    let Handed { method, amount, tendered, rule } = handed;
    if amount <= Fen::ZERO {
        return Err(PaymentRule::NothingToPay);
    }
    if amount > MOST || tendered.is_some_and(|t| t > MOST) {
        return Err(PaymentRule::TooMuch);
    }
    if method != PayMethod::Cash {
        return match tendered {
            Some(t) if t != amount => Err(PaymentRule::ExactOnly),
            _ => Ok(Kept { received: amount, rounding: Fen::ZERO, tendered: None, change: None }),
        };
    }
    let (due, rounding) = rounded(amount, rule);
    if due <= Fen::ZERO {
        return Err(PaymentRule::NothingToPay);
    }
    let tendered = tendered.unwrap_or(due);
    let change = Fen::new(tendered.get().saturating_sub(due.get()));
    if change < Fen::ZERO {
        return Err(PaymentRule::TooLittle { due, tendered });
    }
    Ok(Kept { received: due, rounding, tendered: Some(tendered), change: Some(change) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JIAO: Rounding = Rounding { mode: RoundMode::HalfUp, to: RoundTo::Jiao };

    fn cash(amount: i64, tendered: Option<i64>) -> Result<Kept, PaymentRule> {
        let (amount, tendered) = (Fen::new(amount), tendered.map(Fen::new));
        keep(Handed { method: PayMethod::Cash, amount, tendered, rule: JIAO })
    }

    /// accepts PY-01: coins that nobody has are rounded, and the difference is named.
    #[test]
    fn cash_is_rounded_to_the_smallest_coin() {
        use RoundMode::{Down, HalfEven, HalfUp, Up};
        for (mode, amount, due) in [
            (HalfUp, 12_344, 12_340),
            (HalfUp, 12_345, 12_350),
            (HalfEven, 12_345, 12_340),
            (HalfEven, 12_335, 12_340),
            (Down, 12_349, 12_340),
            (Up, 12_341, 12_350),
            (Up, 12_340, 12_340),
            (HalfUp, 9_996, 10_000),
        ] {
            let (d, r) = rounded(Fen::new(amount), Rounding { mode, to: RoundTo::Jiao });
            assert_eq!((d.get(), r.get()), (due, amount - due), "{mode:?} {amount}");
        }
        let whole = Rounding { mode: HalfUp, to: RoundTo::Fen };
        assert_eq!(rounded(Fen::new(7), whole), (Fen::new(7), Fen::ZERO));
    }

    /// accepts PY-01: change is worked out; too little is refused.
    #[test]
    fn change_is_what_lies_over_the_due() {
        let kept = cash(12_344, Some(20_000)).unwrap();
        assert_eq!((kept.received.get(), kept.change.unwrap().get()), (12_340, 7_660));
        assert_eq!(
            cash(12_344, Some(12_000)),
            Err(PaymentRule::TooLittle { due: Fen::new(12_340), tendered: Fen::new(12_000) })
        );
    }

    #[test]
    fn the_absurd_is_refused() {
        assert_eq!(cash(0, None), Err(PaymentRule::NothingToPay));
        assert_eq!(cash(-5, None), Err(PaymentRule::NothingToPay));
        assert_eq!(cash(4, None), Err(PaymentRule::NothingToPay));
        assert_eq!(cash(i64::MAX, None), Err(PaymentRule::TooMuch));
        assert_eq!(cash(i64::MIN, None), Err(PaymentRule::NothingToPay));
        assert_eq!(cash(100, Some(i64::MAX)), Err(PaymentRule::TooMuch));
        assert!(cash(100, Some(i64::MIN)).is_err());
        let card = Handed {
            method: PayMethod::Card,
            amount: Fen::new(12_345),
            tendered: Some(Fen::new(12_340)),
            rule: JIAO,
        };
        assert_eq!(keep(card), Err(PaymentRule::ExactOnly));
    }

    proptest! {
        /// Nothing is lost between the customer's hand, the drawer and his account.
        #[test]
        fn what_is_handed_over_is_all_somewhere(
            amount in 1_i64..1_000_000_000,
            over in 0_i64..1_000,
            mode in prop::sample::select(vec![
                RoundMode::HalfUp, RoundMode::HalfEven, RoundMode::Up, RoundMode::Down]),
            to in prop::sample::select(vec![RoundTo::Fen, RoundTo::Jiao, RoundTo::Yuan]),
        ) {
            let rule = Rounding { mode, to };
            let (due, rounding) = rounded(Fen::new(amount), rule);
            prop_assert_eq!(due.get() + rounding.get(), amount);
            prop_assert!(rounding.get().abs() < 100);
            prop_assume!(due > Fen::ZERO && due.get() + over <= MOST.get());
            let handed = Handed { method: PayMethod::Cash, amount: Fen::new(amount),
                tendered: Some(Fen::new(due.get() + over)), rule };
            let kept = keep(handed).unwrap();
            prop_assert_eq!(kept.change, Some(Fen::new(over)));
            prop_assert_eq!(kept.received, due);
        }
    }
}
