//go:build tools

// Package tools names the program whose dependencies go.mod and go.sum pin.
// It is a module of its own because its SDK is older than the CLI's.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"
