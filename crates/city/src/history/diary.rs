//! Events of the past, kept until they can be written in the order of time.

use crate::sheet::{Json, Sheet};
use chrono::{DateTime, Utc};
use kernel::{Result, Tx};
use serde_json::Value;
use uuid::Uuid;

/// Who did it, and through which door.
#[derive(Clone, Debug)]
pub(super) struct Who {
    pub id: Option<Uuid>,
    pub name: String,
    pub channel: &'static str,
}

impl Who {
    /// Somebody of the staff.
    pub(super) fn staff(s: &crate::company::Staff, channel: &'static str) -> Self {
        Self { id: Some(s.id), name: s.name.clone(), channel }
    }

    /// The telephone itself.
    pub(super) fn telephone() -> Self {
        Self { id: None, name: "telephony".to_owned(), channel: "system" }
    }
}

/// What it was about.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub subject: &'static str,
    pub id: Uuid,
    pub matter: Uuid,
    pub org_path: String,
}

struct Entry {
    at: DateTime<Utc>,
    kind: &'static str,
    about: About,
    payload: Value,
    who: Who,
}

/// Everything that happened.
#[derive(Default)]
pub(super) struct Diary(Vec<Entry>);

impl Diary {
    pub(super) fn note(
        &mut self,
        at: DateTime<Utc>,
        kind: &'static str,
        about: &About,
        payload: Value,
        who: &Who,
    ) {
        self.0.push(Entry { at, kind, about: about.clone(), payload, who: who.clone() });
    }

    pub(super) async fn flush(mut self, tx: &mut Tx) -> Result<u64> {
        self.0.sort_by_key(|e| e.at);
        let mut sheet = Sheet::new(
            "kernel.event (kind, subject, subject_id, matter_id, org_path, payload, actor_id,
                           actor_name, channel, at)",
        );
        for Entry { at, kind, about, payload, who } in self.0 {
            sheet.row(&[
                &kind,
                &about.subject,
                &about.id,
                &about.matter,
                &about.org_path,
                &Json(payload),
                &who.id,
                &who.name,
                &who.channel,
                &at,
            ]);
        }
        sheet.flush(tx.db()).await
    }
}
