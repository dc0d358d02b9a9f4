//! What people type, cut from households that exist.

use anyhow::Result;
use sqlx::{PgPool, Row as _};
use uuid::Uuid;

/// One thing that somebody types.
pub struct Needle {
    pub sort: &'static str,
    pub typed: String,
    pub account: Uuid,
    /// Whether it names the household so well that it must be among the hits.
    pub exact: bool,
}

/// Needles cut from households all over an organisation.
pub async fn needles(pool: &PgPool, scope: &str, households: i64) -> Result<Vec<Needle>> {
    let rows = sqlx::query(
        "select a.id, a.account_no, p.name, pr.address, c.name as community, b.number as building,
                u.number as unit, pr.room,
                coalesce((select min(number) from directory.phone f where f.person_id = p.id), '')
                  as phone
         from directory.account a
         join directory.person p on p.id = a.person_id
         join directory.premise pr on pr.id = a.premise_id
         join directory.place u on u.id = pr.unit_id
         join directory.place b on b.id = u.parent_id
         join directory.place c on c.id = b.parent_id
         where a.org_path ^@ $1
         order by md5(a.account_no) limit $2",
    )
    .bind(scope)
    .bind(households)
    .fetch_all(pool)
    .await?;
    let mut all = Vec::new();
    for row in rows {
        let text = |column: &str| row.try_get::<String, _>(column);
        let account: Uuid = row.try_get("id")?;
        let (phone, name, no) = (text("phone")?, text("name")?, text("account_no")?);
        let (community, building) = (text("community")?, text("building")?);
        let (unit, room) = (text("unit")?, text("room")?);
        let mut add = |sort, typed: String, exact| {
            all.push(Needle { sort, typed, account, exact });
        };
        if phone.len() == 11 {
            add("phone", phone.clone(), true);
            add("phone tail 4", phone[7..].to_owned(), false);
            add("phone tail 3", phone[8..].to_owned(), false);
            add("phone part 4", phone[3..7].to_owned(), false);
            add("phone part 3", phone[4..7].to_owned(), false);
            add("phone head 3", phone[..3].to_owned(), false);
        }
        add("account no", no.clone(), true);
        add("account no head", no.chars().take(6).collect(), false);
        add("name", name.clone(), false);
        add("name part 2", name.chars().take(2).collect(), false);
        add("name tail 2", last(&name, 2), false);
        add("address whole", text("address")?, true);
        add("address said", format!("{community} {building}-{unit}-{room}"), true);
        add("address door", format!("{building}-{unit}-{room}"), false);
        add("address part 2", community.chars().take(2).collect(), false);
        add("address and name", format!("{community} {name}"), false);
    }
    all.retain(|n| n.typed.chars().count() >= 2);
    Ok(all)
}

fn last(text: &str, n: usize) -> String {
    let skip = text.chars().count().saturating_sub(n);
    text.chars().skip(skip).collect()
}
