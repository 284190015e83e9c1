// Package webhook takes a delivery of Shopify: verified over the raw bytes, parsed, handed to a store, and answered with
// 200 when the store says that it is durable.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/bytedance/sonic"
)

const maxBody = 1 << 20

// Delivery is valid until Store returns.
type Delivery struct {
	ID, Shop, Topic string
	Checkout        Checkout
	Body            []byte
}

type Checkout struct {
	Token      string     `json:"token"`
	CartToken  string     `json:"cart_token"`
	Email      string     `json:"email"`
	Phone      string     `json:"phone"`
	Currency   string     `json:"currency"`
	TotalPrice string     `json:"total_price"`
	UpdatedAt  time.Time  `json:"updated_at"`
	Customer   Customer   `json:"customer"`
	LineItems  []LineItem `json:"line_items"`
}

type Customer struct {
	ID int64 `json:"id"`
}

type LineItem struct {
	VariantID int64  `json:"variant_id"`
	ProductID int64  `json:"product_id"`
	Title     string `json:"title"`
	Quantity  int    `json:"quantity"`
	Price     string `json:"price"`
}

// Store returns when the delivery is durable.
type Store func(*Delivery) error

type server struct {
	store   Store
	macs    sync.Pool
	buffers sync.Pool
}

func (s *server) verified(body []byte, header string) bool {
	given, err := base64.StdEncoding.DecodeString(header)
	if err != nil {
		return false
	}
	mac := s.macs.Get().(hash.Hash)
	mac.Reset()
	mac.Write(body)
	var sum [sha256.Size]byte
	wanted := mac.Sum(sum[:0])
	s.macs.Put(mac)
	return hmac.Equal(wanted, given)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength < 0 || r.ContentLength > maxBody {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	buffer := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(buffer)
	if int64(cap(*buffer)) < r.ContentLength {
		*buffer = make([]byte, r.ContentLength)
	}
	body := (*buffer)[:r.ContentLength]
	if _, err := io.ReadFull(r.Body, body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !s.verified(body, r.Header.Get("X-Shopify-Hmac-Sha256")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	delivery := Delivery{
		ID:    r.Header.Get("X-Shopify-Webhook-Id"),
		Shop:  r.PathValue("shop"),
		Topic: r.Header.Get("X-Shopify-Topic"),
		Body:  body,
	}
	if sonic.ConfigDefault.Unmarshal(body, &delivery.Checkout) != nil || delivery.ID == "" || delivery.Checkout.CartToken == "" {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := s.store(&delivery); err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// Serve listens on 127.0.0.1:$PORT for ever.
func Serve(store Store) {
	secret := []byte(os.Getenv("SECRET"))
	s := &server{store: store}
	s.macs.New = func() any { return hmac.New(sha256.New, secret) }
	s.buffers.New = func() any { b := make([]byte, 16<<10); return &b }
	mux := http.NewServeMux()
	mux.Handle("POST /webhooks/{shop}/shopify", s)
	listener := http.Server{
		Addr:              "127.0.0.1:" + os.Getenv("PORT"),
		Handler:           mux,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
	}
	log.Fatal(listener.ListenAndServe())
}
