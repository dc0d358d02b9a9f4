//! The address tree.

use crate::Place;
use kernel::{PlaceId, Result, Scope, Tx};
use serde_json::{Value, json};

/// What lies below a node, or the communities.
pub(crate) async fn places(
    tx: &mut Tx,
    parent: Option<PlaceId>,
    scope: &Scope,
) -> Result<Vec<Place>> {
    let places = sqlx::query_as!(
        Place,
        r#"select id, parent_id, kind, code, name, lng, lat from directory.place
           where parent_id is not distinct from $1 and org_path ^@ any($2)
           order by length(name), name"#,
        parent.map(|p| *p),
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(places)
}

/// Every community in sight as a GeoJSON feature.
pub(crate) async fn communities(tx: &mut Tx, scope: &Scope) -> Result<Vec<Value>> {
    let rows = sqlx::query!(
        "select id, name, org_path, lng, lat from directory.place
         where kind = 'community' and org_path ^@ any($1) order by name",
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            json!({
                "type": "Feature",
                "geometry": { "type": "Point", "coordinates": [r.lng, r.lat] },
                "properties": { "id": r.id, "name": r.name, "org_path": r.org_path },
            })
        })
        .collect())
}
