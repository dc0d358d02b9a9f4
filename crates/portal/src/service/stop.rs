//! A household's own page: heat is stopped without anybody of the house, within the rules.

use crate::linked::Door;
use crate::model::{
    Home, LINK_DAYS, LINK_EVERY, LINKS_A_DAY, LinkSent, LinkWanted, MOST_INK, MOST_PAPERS,
    MOST_PHOTO, PortalRule, PortalStop, Resident, StopOrder, StopPreview, StopWish, mask_address,
};
use crate::store::home as store;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use billing::permissions::APPLY;
use billing::{ApplicationForm, ApplicationKind, ApplicationRule, Declared, NewApplication};
use bytes::Bytes;
use chrono::TimeDelta;
use files::Files;
use kernel::{AccountId, Result, Scope, Tx};

/// What history keeps of the customer's consent.
const AGREED: &str = "网上报停：本人已阅读并同意停热须知，手写签名见所附资料";

/// Sends a household's holder a link to its page, for a member of staff who may take the same
/// business in himself.
pub(crate) async fn send_link(tx: &mut Tx, account: AccountId) -> Result<LinkSent> {
    let scope = tx.scope(APPLY)?;
    let home = store::home(tx, account, &scope).await?;
    let phone = store::phone(tx, &home).await?.ok_or(PortalRule::NoPhone)?;
    if store::sent_within(tx, account, LINK_EVERY).await? > 0 {
        return Err(PortalRule::LinkSent.into());
    }
    invite(tx, &home, &phone).await?;
    Ok(LinkSent { phone_masked: directory::mask_phone(&phone) })
}

/// Sends the link to a customer who asks for it himself. The answer is the same whether or not
/// number and phone belong together: nobody learns who lives where.
pub(crate) async fn ask_link(tx: &mut Tx, account_no: &str, phone: &str) -> Result<LinkSent> {
    let number = directory::normalise_phone(phone).unwrap_or_default();
    let answer = LinkSent { phone_masked: directory::mask_phone(&number) };
    let Some(account) = store::known(tx, account_no.trim(), &number).await? else {
        return Ok(answer);
    };
    let lately = store::sent_within(tx, account, LINK_EVERY).await?;
    let today = store::sent_within(tx, account, TimeDelta::days(1)).await?;
    if lately == 0 && today < LINKS_A_DAY {
        let home = store::home(tx, account, &Scope::all()).await?;
        invite(tx, &home, &number).await?;
    }
    Ok(answer)
}

async fn invite(tx: &mut Tx, home: &Home, phone: &str) -> Result<()> {
    let ends = tx.now() + TimeDelta::days(LINK_DAYS);
    let invitation = store::invite(tx, home, phone, ends).await?;
    let org_path = home.org_path.clone();
    tx.emit(&LinkWanted { account: home.account, org_path, invitation })
}

/// The household behind the link, masked.
pub(crate) async fn resident(tx: &mut Tx, of: Door) -> Result<Resident> {
    let home = store::home(tx, of.account, &Scope::all()).await?;
    let season = store::season(tx).await?;
    let wanted = billing::ApplicationsWanted {
        account: Some(of.account),
        kind: Some(ApplicationKind::Stop),
        limit: Some(1),
        ..billing::ApplicationsWanted::default()
    };
    let newest = billing::list_applications(tx, wanted).await?.items.pop();
    let current = season.as_ref().map(|s| s.code.as_str());
    Ok(Resident {
        account_no: home.account_no,
        name_masked: directory::mask_name(&home.name),
        address_masked: mask_address(&home.address),
        heat_use_state: home.heat_use_state,
        stop: newest.filter(|a| Some(a.season.as_str()) == current).map(shown),
        season,
        link_until: of.until,
    })
}

fn shown(a: billing::Application) -> PortalStop {
    let to = match a.form.0 {
        ApplicationForm::Stop { to, .. } => to,
        _ => None,
    };
    PortalStop {
        no: a.no,
        state: a.state,
        from: a.asked_from,
        to,
        made_at: a.made_at,
        order_no: a.order_no,
        valve_on: a.valve_on,
        effective_on: a.effective_on,
        decision: a.decision,
    }
}

/// What a stop would change and what stands against it; writes nothing.
pub(crate) async fn preview_stop(tx: &mut Tx, of: Door, wish: StopWish) -> Result<StopPreview> {
    let new = asked(of.account, (wish.from, wish.to), wish.pipes_drained, wish.papers);
    let preview = billing::preview_application(tx, &new).await?;
    Ok(StopPreview {
        before_fen: preview.before_fen,
        after_fen: preview.after_fen,
        lines: preview.accounts.into_iter().flat_map(|a| a.after).collect(),
        objections: preview.objections,
        counts_from_valve: preview.counts_from_valve,
        answer_by: preview.answer_by,
    })
}

/// Stops the heat: what the rules allow is taken in with its signature, and the valve is asked
/// for at once; what they do not allow is refused with their words.
pub(crate) async fn stop(
    tx: &mut Tx,
    files: &Files,
    of: Door,
    order: StopOrder,
) -> Result<Resident> {
    if !order.consent {
        return Err(PortalRule::ConsentMissing.into());
    }
    let ink = picture(&order.signature, MOST_INK).ok_or(PortalRule::SignatureMissing)?;
    if order.papers.len() > MOST_PAPERS {
        return Err(PortalRule::PaperUnreadable.into());
    }
    let papers: Option<Vec<Bytes>> = order.papers.iter().map(|p| picture(p, MOST_PHOTO)).collect();
    let papers = papers.ok_or(PortalRule::PaperUnreadable)?;
    let days = (order.from, order.to);
    let new = asked(of.account, days, order.pipes_drained, !papers.is_empty());
    let file = billing::submit_application(tx, new).await?;
    if !file.application.objections.is_empty() {
        return Err(ApplicationRule::Objected(file.application.objections.0).into());
    }
    let id = file.application.id;
    let signed = files.put(tx, ink, "signature.png", "signature").await?;
    billing::add_paper(tx, id, signed.id, "客户签名").await?;
    for paper in papers {
        let kept = files.put(tx, paper, "paper.jpg", "application").await?;
        billing::add_paper(tx, id, kept.id, "客户上传资料").await?;
    }
    resident(tx, of).await
}

fn asked(
    account_id: AccountId,
    (from, to): (chrono::NaiveDate, Option<chrono::NaiveDate>),
    pipes_drained: bool,
    papers_shown: bool,
) -> NewApplication {
    NewApplication {
        account_id,
        form: ApplicationForm::Stop { from, to },
        declared: Declared { papers_shown, pipes_drained, ..Declared::default() },
        note: AGREED.to_owned(),
    }
}

/// A picture in base64, when it is one and not too large.
fn picture(text: &str, most: usize) -> Option<Bytes> {
    let text = text.rsplit_once("base64,").map_or(text, |(_, data)| data);
    if text.len() > most.div_ceil(3) * 4 {
        return None;
    }
    let bytes = BASE64_STANDARD.decode(text).ok()?;
    let known = files::sniff(&bytes).is_some_and(|m| m.starts_with("image/"));
    known.then(|| Bytes::from(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_picture_of_ordinary_size_is_taken() {
        let png = |size: usize| {
            let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
            bytes.resize(size, 0);
            BASE64_STANDARD.encode(bytes)
        };
        assert!(picture(&png(100), 100).is_some());
        assert!(picture(&format!("data:image/png;base64,{}", png(100)), 102).is_some());
        assert!(picture(&png(200), 100).is_none(), "too large");
        for nonsense in ["", "%%%", "PHN2Zz4=", &BASE64_STANDARD.encode(b"<script>")] {
            assert!(picture(nonsense, 100).is_none(), "{nonsense}");
        }
    }
}
