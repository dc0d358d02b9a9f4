//! What this room reads of the rooms below: the place of a household, people, organisations,
//! and the matter of a call.

use crate::event::Person;
use crate::{CallReason, Policy};
use kernel::{
    AccountId, CallId, Error, MatterId, NetworkNodeId, OrderId, OrgId, PlaceId, PremiseId, Result,
    Tx, UserId,
};

/// Where an order is, and whose it is.
pub(crate) struct Place {
    pub premise_id: Option<PremiseId>,
    pub unit_id: Option<PlaceId>,
    pub riser_id: Option<NetworkNodeId>,
    pub community: String,
    pub address: String,
    pub lng: Option<f64>,
    pub lat: Option<f64>,
    pub org_id: OrgId,
    pub org_path: String,
}

/// The place of a household: of heat its orders are its station's, of another utility the company's
/// that serves it.
pub(crate) async fn place_of(tx: &mut Tx, account: AccountId) -> Result<Place> {
    sqlx::query_as!(
        Place,
        r#"select p.id as "premise_id?: PremiseId", p.unit_id as "unit_id?: PlaceId",
                  case a.utility when 'heat' then p.riser_id end as "riser_id?: NetworkNodeId",
                  c.name as community, p.address,
                  p.lng as "lng?", p.lat as "lat?", g.id as "org_id: OrgId", g.path as org_path
           from directory.account a
           join directory.premise p on p.id = a.premise_id
           join directory.place u on u.id = p.unit_id
           join directory.place b on b.id = u.parent_id
           join directory.place c on c.id = b.parent_id
           join identity.org g
             on g.path = case a.utility when 'heat' then p.org_path else a.org_path end
           where a.id = $1"#,
        *account,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or_else(|| Error::invalid("account_id", "没有这个用热户", "no such account"))
}

/// An address without a household, in the care of `org` or of the caller's own organisation.
pub(crate) async fn place_at(tx: &mut Tx, address: &str, org: Option<OrgId>) -> Result<Place> {
    let user = tx.actor().user.map(|u| *u);
    sqlx::query_as!(
        Place,
        r#"select null::uuid as "premise_id?: PremiseId", null::uuid as "unit_id?: PlaceId",
                  null::uuid as "riser_id?: NetworkNodeId", '' as "community!",
                  $1::text as "address!", null::float8 as "lng?", null::float8 as "lat?",
                  id as "org_id: OrgId", path as org_path
           from identity.org
           where active and case
             when $2::uuid is not null then id = $2
             when $3::uuid is not null then id = (select org_id from identity.staff where id = $3)
             else parent_id is null end
           limit 1"#,
        address,
        org.map(|o| *o),
        user,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or_else(|| Error::invalid("org_id", "没有这个机构", "no such organisation"))
}

/// An active person, by name.
pub(crate) async fn person(tx: &mut Tx, field: &str, id: UserId) -> Result<Person> {
    sqlx::query_as!(
        Person,
        r#"select id as "id: UserId", name from identity.staff where id = $1 and active"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or_else(|| Error::invalid(field, "没有这个人员，或已停用", "no such active person"))
}

/// A person by name, active or not: history names who had it.
pub(crate) async fn name_of(tx: &mut Tx, id: UserId) -> Result<Person> {
    let person = sqlx::query_as!(
        Person,
        r#"select id as "id: UserId", name from identity.staff where id = $1"#,
        *id,
    );
    Ok(person.fetch_one(tx.db()).await?)
}

/// The promises of a kind that can be asked for; a repair's, held to the company's own.
pub(crate) async fn policy(tx: &mut Tx, kind: &str, account: Option<AccountId>) -> Result<Policy> {
    sqlx::query_as!(
        Policy,
        r#"select k.needs_visit, k.needs_revisit, k.auto_audit,
                  orders.held_to(k.accept_min, u.arrive_minutes) as "accept_min!",
                  orders.held_to(k.arrive_min, u.arrive_minutes) as "arrive_min!",
                  orders.held_to(k.finish_min, u.repair_minutes) as "finish_min!", k.revisit_min
           from orders.kind k
           left join directory.utility u on k.key = 'repair'
             and u.code = (select utility from directory.account where id = $2)
           where k.key = $1 and k.active"#,
        kind,
        account.map(|a| *a),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or_else(|| Error::invalid("kind", "没有这种业务", "no such kind"))
}

/// Refuses a symptom that does not belong to the kind, or to the utility of the account.
pub(crate) async fn check_symptom(
    tx: &mut Tx,
    kind: &str,
    symptom: &str,
    account: Option<AccountId>,
) -> Result<()> {
    let known = sqlx::query!(
        "select key from orders.symptom s where key = $1 and kind = $2
         and (s.utility is null or s.utility = coalesce(
                (select utility from directory.account where id = $3), s.utility))",
        symptom,
        kind,
        account.map(|a| *a),
    );
    known
        .fetch_optional(tx.db())
        .await?
        .map(drop)
        .ok_or_else(|| Error::invalid("symptom", "没有这种现象", "no such symptom of this kind"))
}

/// The name of a cause that belongs to the kind.
pub(crate) async fn cause_name(tx: &mut Tx, kind: &str, cause: &str) -> Result<String> {
    sqlx::query_scalar!("select name from orders.cause where key = $1 and kind = $2", cause, kind)
        .fetch_optional(tx.db())
        .await?
        .ok_or_else(|| Error::invalid("cause", "没有这种原因", "no such cause of this kind"))
}

/// The matter of a call, as history has it: the telephone's own tables are a neighbour's.
pub(crate) async fn matter_of_call(tx: &mut Tx, call: CallId) -> Result<Option<MatterId>> {
    let matter = sqlx::query_scalar!(
        r#"select matter_id as "matter_id!: MatterId" from kernel.event
           where subject_id = $1 and subject = 'call' and matter_id is not null
           order by id limit 1"#,
        *call,
    );
    Ok(matter.fetch_optional(tx.db()).await?)
}

/// Puts a call to an order; the first reason stays.
pub(crate) async fn link_call(
    tx: &mut Tx,
    order: OrderId,
    call: CallId,
    why: CallReason,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "insert into orders.order_call (order_id, call_id, why, at) values ($1, $2, $3, $4)
         on conflict do nothing",
        *order,
        *call,
        <&str>::from(why),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
