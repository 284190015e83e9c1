//! Shopify's webhook into Kafka: verified over the raw bytes, parsed, produced, and answered in the delivery report.
use std::{borrow::Cow, env, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
    Router,
};
use base64::{prelude::BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use rdkafka::{
    message::{Header, OwnedHeaders},
    producer::{FutureProducer, FutureRecord},
    ClientConfig,
};
use serde::Deserialize;
use sha2::Sha256;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
#[allow(dead_code)] // parsed as a service that uses them would
struct Checkout<'a> {
    #[serde(borrow)]
    token: Cow<'a, str>,
    #[serde(borrow)]
    cart_token: Cow<'a, str>,
    #[serde(borrow)]
    email: Option<Cow<'a, str>>,
    #[serde(borrow)]
    phone: Option<Cow<'a, str>>,
    #[serde(borrow)]
    currency: Cow<'a, str>,
    #[serde(borrow)]
    total_price: Cow<'a, str>,
    #[serde(borrow)]
    updated_at: Cow<'a, str>,
    customer: Option<Customer>,
    #[serde(borrow)]
    line_items: Vec<LineItem<'a>>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct Customer {
    id: u64,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct LineItem<'a> {
    variant_id: u64,
    product_id: u64,
    #[serde(borrow)]
    title: Cow<'a, str>,
    quantity: u32,
    #[serde(borrow)]
    price: Cow<'a, str>,
}

struct Door {
    mac: Hmac<Sha256>, // keyed once
    producer: FutureProducer,
    topic: String,
}

fn verified(door: &Door, body: &[u8], header: Option<&[u8]>) -> bool {
    let Some(given) = header.and_then(|text| BASE64_STANDARD.decode(text).ok()) else {
        return false;
    };
    let mut mac = door.mac.clone();
    mac.update(body);
    mac.verify_slice(&given).is_ok() // constant time, and the length has to fit
}

async fn take(State(door): State<Arc<Door>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name| headers.get(name).map(|value: &axum::http::HeaderValue| value.as_bytes());
    if !verified(&door, &body, header("x-shopify-hmac-sha256")) {
        return StatusCode::UNAUTHORIZED;
    }
    let (Some(id), Some(topic)) = (header("x-shopify-webhook-id"), header("x-shopify-topic")) else {
        return StatusCode::BAD_REQUEST;
    };
    let Ok(checkout) = sonic_rs::from_slice::<Checkout>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let about = OwnedHeaders::new_with_capacity(2)
        .insert(Header { key: "id", value: Some(id) })
        .insert(Header { key: "topic", value: Some(topic) });
    let record = FutureRecord::to(&door.topic).key(checkout.cart_token.as_bytes()).payload(&body[..]).headers(about);
    match door.producer.send(record, Duration::from_secs(1)).await {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

#[tokio::main]
async fn main() {
    let variable = |name: &str| env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
    let producer: FutureProducer = ClientConfig::new()
        .set("bootstrap.servers", variable("BROKERS"))
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("linger.ms", "2")
        .set("compression.codec", "lz4")
        .set("partitioner", "murmur2_random")
        .create()
        .expect("a producer");
    let mac = Hmac::<Sha256>::new_from_slice(variable("SECRET").as_bytes()).expect("a key of any length");
    let door = Arc::new(Door { mac, producer, topic: variable("TOPIC") });
    let routes = Router::new()
        .route("/webhooks/{shop}/shopify", post(take))
        .layer(DefaultBodyLimit::max(1 << 20))
        .with_state(door);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", variable("PORT"))).await.expect("the port");
    axum::serve(listener, routes).await.expect("to serve");
}
