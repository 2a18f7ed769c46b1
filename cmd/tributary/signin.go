package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"

	"tributary/data"
	"tributary/data/demo"
	"tributary/web"
	"tributary/web/issuer"
)

// SignIn says how people sign in.
type SignIn struct {
	OIDCIssuer        string `name:"oidc-issuer" help:"OpenID Connect issuer by which people sign in, such as https://login.example.org. Empty: they cannot." env:"TRIBUTARY_OIDC_ISSUER" placeholder:"URL"`
	OIDCClientID      string `name:"oidc-client-id" help:"What the issuer knows this server by. Register PUBLIC-URL/sign-in/return there as where people return to." env:"TRIBUTARY_OIDC_CLIENT_ID" placeholder:"ID"`
	OIDCSecretFile    string `name:"oidc-secret-file" help:"File that holds the client's secret, or give the secret as TRIBUTARY_OIDC_CLIENT_SECRET. None: a public client with PKCE." env:"TRIBUTARY_OIDC_SECRET_FILE" placeholder:"FILE"`
	DevelopmentIssuer bool   `help:"Sign anyone in, without a password, as one of the demonstration's people. For trying out: on loopback alone." env:"TRIBUTARY_DEVELOPMENT_ISSUER"`
}

// settings checks them for a server that is reached at base.
func (s SignIn) settings(base string) (web.SignIn, error) {
	var out web.SignIn
	if s.DevelopmentIssuer {
		if s.OIDCIssuer != "" {
			return out, data.Invalidf("development-issuer", "", "does not go with --oidc-issuer: leave one of them out")
		}
		if !onLoopback(base) {
			return out, data.Invalidf("development-issuer", base, "lets anyone in, so it is for a server that this machine alone can reach: leave it out, or --listen on 127.0.0.1 without a --public-url")
		}
		out.Development = []issuer.Person{}
		for _, p := range demo.New(demo.Options{}).People() {
			out.Development = append(out.Development, issuer.Person{Subject: p.Subject, Name: p.Name, About: p.About})
		}
		return out, nil
	}
	if s.OIDCIssuer == "" {
		return out, nil
	}
	u, err := url.Parse(s.OIDCIssuer)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && onLoopback(s.OIDCIssuer)) {
		return out, data.Invalidf("oidc-issuer", s.OIDCIssuer, "%q is no issuer: give its https:// address as it calls itself", s.OIDCIssuer)
	}
	if s.OIDCClientID == "" {
		return out, data.Invalidf("oidc-client-id", "", "is missing: give what the issuer knows this server by")
	}
	secret, err := secretOf("oidc-secret-file", s.OIDCSecretFile, "TRIBUTARY_OIDC_CLIENT_SECRET")
	return web.SignIn{Issuer: s.OIDCIssuer, ClientID: s.OIDCClientID, ClientSecret: secret}, err
}

// secretOf is a secret that a file holds, which a flag names, or else the
// environment. Secrets are never flags, which anyone on the machine can see.
func secretOf(flag, file, env string) (string, error) {
	if file == "" {
		return os.Getenv(env), nil
	}
	secret, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", flag, err)
	}
	return strings.TrimSpace(string(secret)), nil
}

// onLoopback reports whether an address can be reached from this machine alone.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
