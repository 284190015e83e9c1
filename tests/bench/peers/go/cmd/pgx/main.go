// Group commit into Postgres: four writers, each takes up to 500 deliveries or what came within 2 ms.
package main

import (
	"context"
	"log"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"recoup/bench/peers/webhook"
)

const (
	writers  = 4
	group    = 500
	patience = 2 * time.Millisecond
	insert   = `insert into delivery (id, shop, topic, cart_token, payload)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) on conflict (id) do nothing`
)

type job struct {
	delivery *webhook.Delivery
	done     chan error
}

// columns is one group, by column.
type columns struct {
	ids, shops, topics, carts, payloads []string
	waiting                             []chan error
}

func (c *columns) add(j job) {
	d := j.delivery
	c.ids = append(c.ids, d.ID)
	c.shops = append(c.shops, d.Shop)
	c.topics = append(c.topics, d.Topic)
	c.carts = append(c.carts, d.Checkout.CartToken)
	c.payloads = append(c.payloads, string(d.Body))
	c.waiting = append(c.waiting, j.done)
}

func (c *columns) clear() {
	c.ids, c.shops, c.topics, c.carts = c.ids[:0], c.shops[:0], c.topics[:0], c.carts[:0]
	c.payloads, c.waiting = c.payloads[:0], c.waiting[:0]
}

func collect(jobs <-chan job, c *columns, timer *time.Timer) {
	c.add(<-jobs)
	timer.Reset(patience)
	defer timer.Stop()
	for len(c.ids) < group {
		select {
		case j := <-jobs:
			c.add(j)
		case <-timer.C:
			return
		}
	}
}

func write(pool *pgxpool.Pool, jobs <-chan job) {
	var c columns
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		c.clear()
		collect(jobs, &c, timer)
		_, err := pool.Exec(context.Background(), insert, c.ids, c.shops, c.topics, c.carts, c.payloads)
		for _, done := range c.waiting {
			done <- err
		}
	}
}

func main() {
	config, err := pgxpool.ParseConfig("")
	if err != nil {
		log.Fatal(err)
	}
	config.MaxConns = writers
	pool, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		log.Fatal(err)
	}
	jobs := make(chan job, 4096)
	for range writers {
		go write(pool, jobs)
	}
	webhook.Serve(func(d *webhook.Delivery) error {
		done := make(chan error, 1)
		jobs <- job{d, done}
		return <-done
	})
}
