//! A device with one passkey, in software (WebAuthn Level 2, sections 6 and 7): a key on P-256, no attestation.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};

#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) origin: String,
    pub(crate) id: Vec<u8>,
    /// Whose it is, as the site says.
    pub(crate) handle: Vec<u8>,
    /// Whether it has seen a finger or a PIN.
    pub(crate) verifies: bool,
    counter: u32,
    key: Vec<u8>,
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Authenticator {
    pub(crate) fn new(origin: &str) -> Authenticator {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let id: [u8; 16] = ring::rand::generate(&random).unwrap().expose();
        Authenticator {
            origin: origin.to_owned(),
            id: id.to_vec(),
            handle: Vec::new(),
            verifies: true,
            counter: 0,
            key: key.as_ref().to_vec(),
        }
    }

    fn key(&self) -> EcdsaKeyPair {
        let random = SystemRandom::new();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.key, &random).unwrap()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["publicKey"]["challenge"];
        let data = json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false });
        data.to_string().into_bytes()
    }

    /// Hash of the site's name, flags, counter.
    fn data(&mut self, site: &str, attested: bool) -> Vec<u8> {
        self.counter += 1;
        let flags = 1 | u8::from(self.verifies) << 2 | u8::from(attested) << 6;
        let mut data = digest(&SHA256, site.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// What `navigator.credentials.create` gives.
    pub(crate) fn create(&mut self, options: &Value) -> Value {
        let handle = options["publicKey"]["user"]["id"].as_str().unwrap();
        self.handle = URL_SAFE_NO_PAD.decode(handle).unwrap();
        let mut data = self.data(options["publicKey"]["rp"]["id"].as_str().unwrap(), true);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        // COSE: {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}
        let key = self.key();
        let point = key.public_key().as_ref();
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x59");
        attestation.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        attestation.extend(data);
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": text(&self.client_data("webauthn.create", options)),
                "attestationObject": text(&attestation),
            },
            "clientExtensionResults": {},
        })
    }

    /// What `navigator.credentials.get` gives.
    pub(crate) fn get(&mut self, options: &Value) -> Value {
        let data = self.data(options["publicKey"]["rpId"].as_str().unwrap(), false);
        let client = self.client_data("webauthn.get", options);
        let mut signed = data.clone();
        signed.extend(digest(&SHA256, &client).as_ref());
        let signature = self.key().sign(&SystemRandom::new(), &signed).unwrap();
        json!({
            "id": text(&self.id), "rawId": text(&self.id), "type": "public-key",
            "response": {
                "clientDataJSON": text(&client),
                "authenticatorData": text(&data),
                "signature": text(signature.as_ref()),
                "userHandle": text(&self.handle),
            },
            "clientExtensionResults": {},
        })
    }
}
