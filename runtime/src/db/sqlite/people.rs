//! Accounts, and what is done with whole threads.

use sqlx::{SqliteConnection, query, query_scalar};

use super::{apply, encode, read, row};
use crate::{
    db::DbError,
    domain::{Account, Thread, ThreadId},
};

pub(super) async fn change_thread(
    db: &mut SqliteConnection,
    id: ThreadId,
    change: Box<dyn for<'t> FnOnce(&'t mut Thread) + Send>,
) -> Result<Option<Thread>, DbError> {
    let Some(before) = read::thread(db, id).await? else { return Ok(None) };
    let mut after = before.clone();
    change(&mut after);
    let after = Thread { id, owner: before.owner, created_at: before.created_at, ..after };
    let update = query("UPDATE threads SET body = ?2 WHERE id = ?1");
    update.bind(&id.as_bytes()[..]).bind(encode(&after)).execute(&mut *db).await?;
    if after.name != before.name {
        apply::name(db, &after).await?;
    }
    Ok(Some(after))
}

pub(super) async fn remove_thread(
    db: &mut SqliteConnection,
    id: ThreadId,
) -> Result<bool, DbError> {
    let Some(thread) = read::number(db, id).await? else { return Ok(false) };
    apply::forget(db, thread).await?;
    query("DELETE FROM threads WHERE num = ?1").bind(thread).execute(db).await?;
    Ok(true)
}

pub(super) async fn account(
    db: &mut SqliteConnection,
    identifier: &str,
) -> Result<Option<Account>, DbError> {
    let found = query("SELECT * FROM users WHERE identifier = ?1").bind(identifier);
    found.fetch_optional(db).await?.as_ref().map(row::account).transpose()
}

pub(super) async fn accounts(db: &mut SqliteConnection) -> Result<Vec<Account>, DbError> {
    let found = query("SELECT * FROM users ORDER BY identifier").fetch_all(db).await?;
    found.iter().map(row::account).collect()
}

pub(super) async fn put_account(
    db: &mut SqliteConnection,
    account: Account,
) -> Result<Account, DbError> {
    let sql = "INSERT INTO users (identifier, id, display_name, metadata, password, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT (identifier) DO UPDATE SET
            display_name = excluded.display_name, metadata = excluded.metadata, password = excluded.password
        RETURNING *";
    let Account { id, user, password, created_at } = account;
    let put = query(sql)
        .bind(user.identifier)
        .bind(id.to_string())
        .bind(user.display_name)
        .bind(user.metadata.get().to_owned())
        .bind(password)
        .bind(created_at.to_string());
    row::account(&put.fetch_one(db).await?)
}

pub(super) async fn remove_account(
    db: &mut SqliteConnection,
    identifier: String,
) -> Result<bool, DbError> {
    let removed = query_scalar::<_, i64>("DELETE FROM users WHERE identifier = ?1 RETURNING 1");
    Ok(removed.bind(identifier).fetch_optional(db).await?.is_some())
}
