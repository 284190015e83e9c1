// River as a library, tuned as its benchmarks are: drains no-op jobs from Postgres.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

type Step struct {
	Enrollment string `json:"enrollment"`
	Step       int    `json:"step"`
}

func (Step) Kind() string { return "step" }

type Worker struct {
	river.WorkerDefaults[Step]
	done *atomic.Int64
	all  int64
	over chan struct{}
}

func (w *Worker) Work(context.Context, *river.Job[Step]) error {
	if w.done.Add(1) == w.all {
		close(w.over)
	}
	return nil
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func cpu() float64 {
	var used syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

func report(count int64, began time.Time, used float64) {
	must(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"count": count, "seconds": time.Since(began).Seconds(), "cpu_seconds": cpu() - used}))
}

// usage: river prepare | enqueue COUNT DELAY_SECONDS | drain COUNT
func main() {
	ctx := context.Background()
	pool, err := pgxpool.New(ctx, "")
	must(err)
	driver := riverpgxv5.New(pool)
	number := func(i int) int64 { n, err := strconv.ParseInt(os.Args[i], 10, 64); must(err); return n }
	switch os.Args[1] {
	case "prepare":
		migrator, err := rivermigrate.New(driver, nil)
		must(err)
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		must(err)
	case "enqueue":
		client, err := river.NewClient(driver, &river.Config{})
		must(err)
		count, delay := number(2), number(3)
		var at time.Time
		if delay > 0 {
			at = time.Now().Add(time.Duration(delay) * time.Second)
		}
		began, used := time.Now(), cpu()
		var group [2]chan error
		for half := range group { // two connections, as everybody has here
			group[half] = make(chan error, 1)
			go func() {
				for first := int64(half) * 5000; first < count; first += 10000 {
					var batch []river.InsertManyParams
					for n := first; n < min(first+5000, count); n++ {
						opts := &river.InsertOpts{}
						if delay > 0 {
							opts.ScheduledAt = at.Add(time.Duration(n) * time.Millisecond)
						}
						batch = append(batch, river.InsertManyParams{Args: Step{fmt.Sprintf("enr_%016x", n), int(n % 4)}, InsertOpts: opts})
					}
					if _, err := client.InsertManyFast(ctx, batch); err != nil {
						group[half] <- err
						return
					}
				}
				group[half] <- nil
			}()
		}
		for half := range group {
			must(<-group[half])
		}
		report(count, began, used)
	case "drain":
		var done atomic.Int64
		workers := river.NewWorkers()
		worker := &Worker{done: &done, all: number(2), over: make(chan struct{})}
		river.AddWorker(workers, worker)
		client, err := river.NewClient(driver, &river.Config{
			Workers: workers, FetchCooldown: 2 * time.Millisecond, FetchPollInterval: 20 * time.Millisecond,
			Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1000}},
			Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		})
		must(err)
		began, used := time.Now(), cpu()
		must(client.Start(ctx))
		<-worker.over
		must(client.Stop(ctx)) // what was worked is completed
		report(worker.all, began, used)
	}
}
