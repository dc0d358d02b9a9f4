//! Data quality: rules, worklists, decisions.

use crate::permissions::{CLEANSE, VIEW};
use crate::store::{self, FindingFilter};
use crate::{
    CleanseRule, Decision, Finding, FindingDecided, FindingState, MergeTwo, QualityCount,
    QualityRule,
};
use kernel::{Error, Page, Result, Tx, page};
use strum::VariantArray as _;
use uuid::Uuid;

/// The most pairs that one command makes one.
const MOST_MERGES: i64 = 500;

/// How many findings each rule has; rules without any too.
pub async fn quality(tx: &mut Tx) -> Result<Vec<QualityCount>> {
    let scope = tx.scope(VIEW)?;
    let found = store::quality_counts(tx, &scope).await?;
    let of = |rule: &QualityRule| {
        let rule = <&str>::from(*rule).to_owned();
        let none =
            QualityCount { rule: rule.clone(), open: 0, assigned: 0, resolved: 0, skipped: 0 };
        found.iter().find(|c| c.rule == rule).cloned().unwrap_or(none)
    };
    Ok(QualityRule::VARIANTS.iter().map(of).collect())
}

/// Looks at everything in sight anew; says how many findings are new.
pub async fn scan(tx: &mut Tx) -> Result<i64> {
    let scope = tx.scope(CLEANSE)?;
    let mut new = 0;
    for rule in QualityRule::VARIANTS {
        new += store::look_for(tx, *rule, &scope).await?;
    }
    Ok(new)
}

/// Findings of a worklist.
pub async fn findings(
    tx: &mut Tx,
    mut filter: FindingFilter,
    after: Option<&str>,
    limit: Option<i64>,
) -> Result<Page<Finding>> {
    let scope = tx.scope(VIEW)?;
    let limit = page::limit(limit);
    filter.after = kernel::Cursor::decode(after)?;
    filter.limit = limit + 1;
    let rows = store::findings(tx, &filter, &scope).await?;
    Ok(Page::cut(rows, limit, |f| f.id))
}

/// Decides about a finding: right as it is, somebody looks after it, put right, or open again.
pub async fn decide(tx: &mut Tx, id: Uuid, decision: Decision) -> Result<()> {
    let scope = tx.scope(CLEANSE)?;
    let (from, org_path) = store::lock_finding(tx, id, &scope).await?;
    let reopens = matches!(decision, Decision::Reopen);
    if reopens == (from == FindingState::Open) {
        return Err(CleanseRule::Decided.into());
    }
    let (to, assignee_id, note) = match decision {
        Decision::Skip { note } => (FindingState::Skipped, None, Some(super::reason(&note)?)),
        Decision::Resolve { note } => (FindingState::Resolved, None, Some(super::reason(&note)?)),
        Decision::Assign { to } => (FindingState::Open, to, None),
        Decision::Reopen => (FindingState::Open, None, None),
    };
    store::decide(tx, id, to, assignee_id, note.as_deref()).await?;
    tx.emit(&FindingDecided { finding_id: id, from, to, assignee_id, note, org_path })
}

/// Makes one what the rules are certain of: open pairs of people or rooms. Nothing else.
pub async fn merge_certain(tx: &mut Tx, rule: QualityRule, reason: &str) -> Result<usize> {
    tx.require(CLEANSE)?;
    let subject = match rule {
        QualityRule::DuplicatePerson => "person",
        QualityRule::DuplicatePremise => "premise",
        _ => return Err(Error::invalid("rule", "此规则不能自动合并", "nothing to merge")),
    };
    let scope = tx.scope(CLEANSE)?;
    let rule = Some(<&str>::from(rule).to_owned());
    let filter = FindingFilter { rule, limit: MOST_MERGES, ..FindingFilter::default() };
    let mut done = 0;
    for found in store::findings(tx, &filter, &scope).await? {
        let [keep, gone] = found.subject_ids[..] else { continue };
        let two = MergeTwo { subject: subject.to_owned(), keep, gone, reason: reason.to_owned() };
        match super::merge(tx, two).await {
            Ok(_) => done += 1,
            // One of them went into a third row, or is not one's own: people decide.
            Err(Error::Rule { .. } | Error::NotFound(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(done)
}
