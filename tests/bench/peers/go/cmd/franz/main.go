// One record a delivery, batched by the client; idempotent and acks=all are its defaults and stated here.
package main

import (
	"context"
	"log"
	"os"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"recoup/bench/peers/webhook"
)

func main() {
	client, err := kgo.NewClient(
		kgo.SeedBrokers(strings.Split(os.Getenv("BROKERS"), ",")...),
		kgo.DefaultProduceTopic(os.Getenv("TOPIC")),
		kgo.RequiredAcks(kgo.AllISRAcks()),
		kgo.ProducerLinger(2*time.Millisecond),
		kgo.ProducerBatchCompression(kgo.Lz4Compression()),
	)
	if err != nil {
		log.Fatal(err)
	}
	webhook.Serve(func(d *webhook.Delivery) error {
		done := make(chan error, 1)
		record := &kgo.Record{Key: []byte(d.Checkout.CartToken), Value: d.Body, Headers: []kgo.RecordHeader{
			{Key: "id", Value: []byte(d.ID)}, {Key: "topic", Value: []byte(d.Topic)}}}
		client.Produce(context.Background(), record, func(_ *kgo.Record, err error) { done <- err })
		return <-done
	})
}
