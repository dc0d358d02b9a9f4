//! The words of the code are the words of the schema.

use crate::{CallReason, Origin, Satisfaction, Side, State};
use strum::VariantArray;
use testing::TestApp;

async fn check(t: &TestApp, name: &str) -> Vec<String> {
    let def: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = $1",
    )
    .bind(name)
    .fetch_one(&t.app.pool)
    .await
    .unwrap();
    let mut words: Vec<_> = def.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    words.sort();
    words
}

fn code<T: VariantArray + Copy + Into<&'static str>>() -> Vec<String> {
    let mut words: Vec<_> = T::VARIANTS.iter().map(|v| (*v).into().to_owned()).collect();
    words.sort();
    words
}

/// Accepts WO-26: a state that the code does not know cannot be stored, and none is missing.
#[tokio::test]
async fn every_word_of_the_code_is_a_word_of_the_schema() {
    let t = TestApp::new().await;
    assert_eq!(code::<State>(), check(&t, "work_order_state_known").await);
    assert_eq!(code::<Origin>(), check(&t, "work_order_channel_known").await);
    assert_eq!(code::<Satisfaction>(), check(&t, "work_order_satisfaction_known").await);
    assert_eq!(code::<Satisfaction>(), check(&t, "revisit_result_known").await);
    assert_eq!(code::<CallReason>(), check(&t, "order_call_why_known").await);
    assert_eq!(code::<Side>(), check(&t, "cause_side_known").await);
}
