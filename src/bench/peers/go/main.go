// net/http with Shutdown, as its documentation shows it; its preStop is a sleep.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	http.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Second)
		fmt.Fprintln(w, 42)
	})
	http.HandleFunc("/events/", func(w http.ResponseWriter, r *http.Request) {
		count, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/events/"))
		w.Header().Set("Content-Type", "text/event-stream")
		for number := 0; number < count; number++ {
			fmt.Fprintf(w, "data: %d\n\n", number)
			w.(http.Flusher).Flush()
			time.Sleep(100 * time.Millisecond)
		}
	})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, 42) })
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT")}
	signals, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	ended := make(chan error)
	go func() {
		<-signals.Done()
		limit, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		ended <- server.Shutdown(limit)
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		panic(err)
	}
	<-ended
}
