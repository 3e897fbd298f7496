//! The stock page in headless Chromium. What it does is in `js/stock_ui.mjs`.

use chinwag_tests::{artifacts, server::Settings, stories};

#[tokio::test]
async fn the_stock_page_works_with_every_thing_that_a_bot_can_show() {
    let server = Settings::default().flag("--ui", artifacts::page()).start().await;
    server.deploy("showcase").await;
    stories::tell(stories::script("stock_ui.mjs", &server.url)).await;
}
