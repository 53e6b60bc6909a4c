/**
 * Arguments of the resources of the Terraform provider google 6.50, by name: `!` is required, braces hold a block's own.
 *
 * @see https://registry.terraform.io/providers/hashicorp/google/latest/docs
 */
export const GOOGLE_ARGUMENTS: Readonly<Record<string, string>> = {
  "data.google_project": "project_id",
  "data.google_pubsub_topic": "name! project",
  "data.google_storage_project_service_account": "project user_project",
  google_artifact_registry_repository:
    "format! repository_id! cleanup_policies{id! action condition{newer_than older_than package_name_prefixes tag_prefixes tag_state version_name_prefixes} most_recent_versions{keep_count package_name_prefixes}} cleanup_policy_dry_run description kms_key_name labels location mode project",
  google_artifact_registry_repository_iam_member:
    "member! repository! role! condition{expression! title! description} location project",
  google_bigquery_dataset_iam_member:
    "dataset_id! member! role! condition{expression! title! description} project",
  google_cloud_run_v2_service_iam_member:
    "member! name! role! condition{expression! title! description} location project",
  google_cloud_scheduler_job:
    "name! attempt_deadline description http_target{uri! body headers http_method oauth_token{service_account_email! scope} oidc_token{service_account_email! audience}} paused project pubsub_target{topic_name! attributes data} region retry_config{max_backoff_duration max_doublings max_retry_duration min_backoff_duration retry_count} schedule time_zone",
  google_cloud_tasks_queue_iam_member:
    "member! name! role! condition{expression! title! description} location project",
  google_cloudfunctions2_function:
    "location! name! build_config{docker_repository entry_point environment_variables runtime service_account source{storage_source{bucket generation object}}} description event_trigger{event_filters{attribute! value! operator} event_type pubsub_topic retry_policy service_account_email trigger_region} kms_key_name labels project service_config{all_traffic_on_latest_revision available_cpu available_memory binary_authorization_policy environment_variables ingress_settings max_instance_count max_instance_request_concurrency min_instance_count service service_account_email timeout_seconds vpc_connector vpc_connector_egress_settings}",
  google_eventarc_trigger:
    "destination!{cloud_run_service{service! path region} workflow} location! matching_criteria!{attribute! value! operator} name! channel event_data_content_type labels project service_account",
  google_kms_crypto_key_iam_member: "crypto_key_id! member! role! condition{expression! title! description}",
  google_logging_project_bucket_config:
    "bucket_id! location! project! description enable_analytics locked retention_days",
  google_logging_project_exclusion: "filter! name! description disabled project",
  google_logging_project_sink:
    "destination! name! custom_writer_identity description disabled exclusions{filter! name! description disabled} filter project unique_writer_identity",
  google_project_iam_member: "member! project! role! condition{expression! title! description}",
  google_project_service: "service! disable_dependent_services disable_on_destroy project",
  google_pubsub_subscription:
    "name! topic! ack_deadline_seconds dead_letter_policy{dead_letter_topic max_delivery_attempts} enable_exactly_once_delivery enable_message_ordering expiration_policy{ttl!} filter labels message_retention_duration project push_config{push_endpoint! attributes no_wrapper{write_metadata!} oidc_token{service_account_email! audience}} retain_acked_messages retry_policy{maximum_backoff minimum_backoff}",
  google_pubsub_subscription_iam_member:
    "member! role! subscription! condition{expression! title! description} project",
  google_pubsub_topic:
    "name! kms_key_name labels message_retention_duration message_storage_policy{allowed_persistence_regions! enforce_in_transit} project schema_settings{schema! encoding}",
  google_pubsub_topic_iam_member: "member! role! topic! condition{expression! title! description} project",
  google_secret_manager_secret_iam_member:
    "member! role! secret_id! condition{expression! title! description} project",
  google_service_account:
    "account_id! create_ignore_already_exists description disabled display_name project",
  google_storage_bucket:
    "location! name! default_event_based_hold enable_object_retention force_destroy labels project public_access_prevention requester_pays rpo storage_class uniform_bucket_level_access versioning{enabled!}",
  google_storage_bucket_iam_member: "bucket! member! role! condition{expression! title! description}",
  google_storage_bucket_object:
    "bucket! name! cache_control content content_disposition content_encoding content_language content_type deletion_policy detect_md5hash event_based_hold force_empty_content_type kms_key_name metadata source source_md5hash storage_class temporary_hold",
};
