// The API reference: the document that the server gives, tried out in place.
window.addEventListener("DOMContentLoaded", () => {
  window.SwaggerUIBundle({
    url: "/api/v1/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    // A token is forgotten when the page is left.
    persistAuthorization: false,
    requestSnippetsEnabled: true,
    requestSnippets: {
      generators: { curl_bash: { title: "curl", syntax: "bash" } },
      defaultExpanded: true,
    },
    tryItOutEnabled: true,
    // Nothing of the document goes to others for checking.
    validatorUrl: null,
  });
});
