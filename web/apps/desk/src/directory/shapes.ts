/** What a change of facts may carry: the server's own shape refuses the rest. */
export interface AccountPatch {
  heat_use_state?: string
  network_state?: string
  charge_type?: string
  low_income?: boolean
  person_id?: string
}

export interface PremisePatch {
  building_area?: string
  usable_area?: string
  heated_area?: string
  charged_area?: string
  storey_height?: string
  user_class?: string
  heating_manner?: string
}
